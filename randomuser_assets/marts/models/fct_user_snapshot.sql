{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key="user_id",
        on_schema_change="fail",
        post_hook="delete from {{ this }} where user_id not in (select user_id from {{ ref('dim_user') }})",
    )
}}
{#- How a fact is made is in macros, too: when that changes, everybody is made anew. -#}
{%- set making = local_md5(
    model.raw_code ~ key_of(["x"]) ~ full_years("x", "y") ~ age_group_of("x")
) -%}

with

people as (
    select distinct user_id, md5(observations || '{{ making }}') as observations
    from {{ ref("dim_user") }}
    {% if is_incremental() -%}
    except
    select user_id, observations from {{ this }}
    {%- endif %}
),

days as (
    select distinct snapshot_date, user_id from {{ source("core", "users") }}
),

aged as (
    select
        days.snapshot_date,
        dim_user.*,
        people.observations as observations_of_all,
        {{ full_years("born_at", "snapshot_date") }} as age
    from days
    inner join people using (user_id)
    inner join
        {{ ref("dim_user") }} as dim_user
        on
            days.user_id = dim_user.user_id
            and days.snapshot_date >= dim_user.valid_from
            and days.snapshot_date < coalesce(dim_user.valid_to, 'infinity')
)

select
    aged.snapshot_date,
    aged.user_id,
    aged.user_key,
    aged.location_key,
    dim_location.timezone_key,
    {{ key_of(["aged.nationality"]) }} as country_key,
    {{ age_group_of("aged.age") }} as age_group_key,
    aged.gender,
    aged.nationality,
    aged.age,
    aged.observations_of_all as observations
from aged
left join {{ ref("dim_location") }} as dim_location using (location_key)
