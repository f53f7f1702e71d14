-- Each day on which a person was seen lies in exactly one of their versions.
select users.snapshot_date, users.user_id
from (select distinct snapshot_date, user_id from {{ source("core", "users") }}) as users
left join
    {{ ref("dim_user") }} as versions
    on
        users.user_id = versions.user_id
        and users.snapshot_date >= versions.valid_from
        and users.snapshot_date < coalesce(versions.valid_to, 'infinity')
group by all
having count(versions.user_id) <> 1
