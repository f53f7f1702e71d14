-- A person a day in core.users is a row of the facts, and no other row is.
(
    select snapshot_date, user_id from {{ source("core", "users") }}
    except
    select snapshot_date, user_id from {{ ref("fct_user_snapshot") }}
)
union all
(
    select snapshot_date, user_id from {{ ref("fct_user_snapshot") }}
    except
    select snapshot_date, user_id from {{ source("core", "users") }}
)
