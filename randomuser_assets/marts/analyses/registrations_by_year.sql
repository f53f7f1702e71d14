-- How many people registered in each year?
-- Of everybody who was ever there, each person once.
select
    year,
    count(user_id) as registrations,
    sum(count(user_id)) over (order by year) as up_to_then
from {{ ref("dim_date") }}
left join {{ ref("fct_registrations") }} on registered_on = date_day
group by year
order by year
