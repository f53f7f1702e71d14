-- How many people of the latest day are in each age group?
-- A group that nobody is in is there, too.
with

today as (
    select *
    from {{ ref("fct_user_snapshot") }}
    where snapshot_date = (select max(snapshot_date) from {{ ref("fct_user_snapshot") }})
)

select
    age_group,
    count(user_id) as people,
    round(100.0 * count(user_id) / sum(count(user_id)) over (), 1) as percent
from {{ ref("dim_age_group") }}
left join today using (age_group_key)
group by age_group, age_from
order by age_from
