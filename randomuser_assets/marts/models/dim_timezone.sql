select
    {{ key_of(["timezone_offset"]) }} as timezone_key,
    timezone_offset,
    cast(
        if(starts_with(timezone_offset, '-'), -1, 1)
        * (
            60 * cast(split_part(ltrim(timezone_offset, '+-'), ':', 1) as integer)
            + cast(split_part(timezone_offset, ':', 2) as integer)
        )
        as integer
    ) as utc_offset_minutes,
    max({'day': snapshot_date, 'description': description})['description'] as description
from {{ source("core", "timezones") }}
group by timezone_offset
