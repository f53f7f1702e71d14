-- How old are the people of each country?
-- Of the latest day; half of a country's people are as old as the median, or younger.
with

today as (
    select *
    from {{ ref("fct_user_snapshot") }}
    where snapshot_date = (select max(snapshot_date) from {{ ref("fct_user_snapshot") }})
)

select
    country_name,
    count(*) as people,
    min(age) as youngest,
    percentile_cont(0.5) within group (order by age) as median_age,
    max(age) as oldest
from today
inner join {{ ref("dim_country") }} using (country_key)
group by country_name
order by median_age desc, country_name
