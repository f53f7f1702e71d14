with

groups as (
    select cast(unnest(range(0, {{ oldest_group() }} + 1, 10)) as integer) as age_from
)

select
    {{ age_group_of("age_from") }} as age_group_key,
    if(age_from < {{ oldest_group() }}, age_from || '-' || age_from + 9, age_from || '+') as age_group,
    age_from,
    if(age_from < {{ oldest_group() }}, age_from + 9, null) as age_to
from groups
