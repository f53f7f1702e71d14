-- What changed since yesterday?
-- Of the latest day against each person's day before; who has three new values is in three lines.
with

today as (
    select *
    from {{ ref("fct_user_snapshot") }}
    where snapshot_date = (select max(snapshot_date) from {{ ref("fct_user_snapshot") }})
),

versions as (
    select
        user_id,
        valid_from,
        valid_to,
        changed_columns,
        lag(valid_from) over person as version_before_from,
        lag(valid_to) over person as version_before_to,
        lead(valid_from) over person as next_version_from,
        (select max(snapshot_date) from today) as today
    from {{ ref("dim_user") }}
    window person as (partition by user_id order by valid_from)
),

changes as (
    select user_id, 'new' as change
    from versions
    where valid_from = today and version_before_from is null

    union all

    select user_id, 'back after a time' as change
    from versions
    where valid_from = today and version_before_to < today

    union all

    select user_id, 'another ' || unnest(changed_columns) as change
    from versions
    where valid_from = today

    union all

    select user_id, 'no longer there' as change
    from versions
    where valid_to = today and (next_version_from is null or next_version_from > today)

    union all

    select today.user_id, 'as before' as change
    from today
    inner join {{ ref("dim_user") }} as dim_user using (user_key)
    where dim_user.valid_from < today.snapshot_date
)

select change, count(*) as people
from changes
group by change
order by people desc, change
