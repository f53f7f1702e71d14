-- For how many years have people been registered?
-- Of the latest day, in full years, five in a group; who registered after that day is left out.
with

today as (
    select *
    from {{ ref("fct_user_snapshot") }}
    where snapshot_date = (select max(snapshot_date) from {{ ref("fct_user_snapshot") }})
),

tenures as (
    select
        -- A year is full on its anniversary, as with birthdays.
        extract(year from snapshot_date)
        - extract(year from registered_on)
        - case
            when
                100 * extract(month from snapshot_date) + extract(day from snapshot_date)
                < 100 * extract(month from registered_on) + extract(day from registered_on)
                then 1
            else 0
        end as years
    from today
    inner join {{ ref("fct_registrations") }} using (user_id)
    where registered_on <= snapshot_date
),

groups as (
    select cast(5 * floor(years / 5.0) as integer) as first_year
    from tenures
)

select
    first_year || '-' || (first_year + 4) as years,
    count(*) as people,
    round(100.0 * count(*) / sum(count(*)) over (), 1) as percent
from groups
group by first_year
order by first_year
