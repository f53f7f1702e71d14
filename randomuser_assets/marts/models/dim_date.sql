with

ends as (
    select
        year(least(min(registered_at), min(valid_from))) as first_year,
        year(greatest(max(registered_at), (select max(snapshot_date) from {{ source("core", "users") }}))) as last_year
    from {{ ref("dim_user") }}
),

days as (
    select cast(unnest(range(make_date(first_year, 1, 1), make_date(last_year + 1, 1, 1), interval 1 day)) as date) as date_day
    from ends
)

select
    date_day,
    cast(year(date_day) as integer) as year,
    cast(quarter(date_day) as integer) as quarter,
    cast(month(date_day) as integer) as month,
    monthname(date_day) as month_name,
    cast(day(date_day) as integer) as day_of_month,
    cast(isoyear(date_day) as integer) as iso_year,
    cast(week(date_day) as integer) as iso_week,
    cast(isodow(date_day) as integer) as day_of_week,
    dayname(date_day) as day_name,
    isodow(date_day) > 5 as is_weekend
from days
