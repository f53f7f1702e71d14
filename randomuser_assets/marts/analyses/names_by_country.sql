-- Which names are the most common in each country?
-- Of everybody as last known, three names of each kind with the number of people who have them.
with

people as (
    select *
    from {{ ref("dim_user") }}
    where is_current
),

names as (
    select nationality, 'first' as kind, first_name as name from people
    union all
    select nationality, 'last' as kind, last_name as name from people
),

counted as (
    select
        nationality,
        kind,
        name,
        count(*) as people,
        row_number() over (partition by nationality, kind order by count(*) desc, name) as place
    from names
    group by nationality, kind, name
)

select
    country_name,
    string_agg(name || ' ' || people, ', ' order by place)
        filter (where kind = 'first') as first_names,
    string_agg(name || ' ' || people, ', ' order by place)
        filter (where kind = 'last') as last_names
from counted
inner join {{ ref("dim_country") }} on nationality = country_code
where place <= 3
group by country_name
order by country_name
