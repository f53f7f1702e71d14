-- How many people are there of each nationality, and how many of them are women and men?
-- Of the latest day.
with

today as (
    select *
    from {{ ref("fct_user_snapshot") }}
    where snapshot_date = (select max(snapshot_date) from {{ ref("fct_user_snapshot") }})
)

select
    country_name,
    count(*) as people,
    count(*) filter (where gender = 'female') as women,
    count(*) filter (where gender = 'male') as men
from today
inner join {{ ref("dim_country") }} using (country_key)
group by country_name
order by people desc, country_name
