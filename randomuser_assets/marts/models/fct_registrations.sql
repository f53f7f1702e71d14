with

last_versions as (
    select
        *,
        cast(registered_at as date) as registered_on,
        {{ full_years("born_at", "registered_at") }} as age_at_registration
    from {{ ref("dim_user") }}
    qualify row_number() over (partition by user_id order by valid_from desc) = 1
)

select
    user_id,
    user_key,
    registered_on,
    {{ key_of(["nationality"]) }} as country_key,
    location_key,
    {{ age_group_of("age_at_registration") }} as age_group_key,
    gender,
    nationality,
    age_at_registration
from last_versions
