-- Does the time zone follow from the nationality?
-- Of the latest day. If it did, a country would have few zones, and most people in its commonest.
with

today as (
    select *
    from {{ ref("fct_user_snapshot") }}
    where snapshot_date = (select max(snapshot_date) from {{ ref("fct_user_snapshot") }})
),

zones as (
    select
        country_name,
        timezone_offset,
        utc_offset_minutes,
        count(*) as people,
        row_number() over (
            partition by country_name order by count(*) desc, utc_offset_minutes
        ) as place
    from today
    inner join {{ ref("dim_country") }} using (country_key)
    inner join {{ ref("dim_timezone") }} using (timezone_key)
    group by country_name, timezone_offset, utc_offset_minutes
)

select
    country_name,
    sum(people) as people,
    sum(case when utc_offset_minutes < 0 then people else 0 end) as behind_utc,
    sum(case when utc_offset_minutes = 0 then people else 0 end) as on_utc,
    sum(case when utc_offset_minutes > 0 then people else 0 end) as ahead_of_utc,
    count(*) as zones,
    max(case when place = 1 then timezone_offset end) as commonest,
    max(case when place = 1 then people end) as people_in_it
from zones
group by country_name
order by country_name
