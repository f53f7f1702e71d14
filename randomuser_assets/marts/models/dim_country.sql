select
    {{ key_of(["country_code"]) }} as country_key,
    country_code,
    max({'day': snapshot_date, 'name': country_name})['name'] as country_name
from {{ source("core", "countries") }}
group by country_code
