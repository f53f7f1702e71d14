-- Read where a version begins: its place is the same on all its days.
select distinct
    dim_user.location_key,
    {%- for column in columns_of_places() %}
    locations.{{ column }},
    {%- endfor %}
    {{ key_of(["locations.timezone_offset"]) }} as timezone_key
from {{ ref("dim_user") }} as dim_user
inner join
    {{ source("core", "locations") }} as locations
    on dim_user.user_id = locations.user_id and dim_user.valid_from = locations.snapshot_date
where
    dim_user.location_key
    = {{ key_of(columns_of_places()) }}
