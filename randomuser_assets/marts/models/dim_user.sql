{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key="user_id",
        on_schema_change="fail",
        post_hook="delete from {{ this }} where user_id not in (select user_id from {{ source('core', 'users') }})",
    )
}}
{#- A version is made of all days of a person, whatever came first: whoever has a day that is new,
    another or gone since the last build is made anew as a whole, and nobody else. -#}
{%- set attributes = attributes_of_dim_user() -%}
{%- set snapshots = days_are_snapshots() -%}
{%- set making = local_md5(model.raw_code ~ key_of(columns_of_places()) ~ attributes) -%}

with

{% if snapshots -%}
days as (
    select
        snapshot_date,
        lag(snapshot_date) over (order by snapshot_date) as day_before,
        lead(snapshot_date) over (order by snapshot_date) as day_after
    from (
        select distinct snapshot_date from {{ source("core", "users") }}
        {{ days_without_people() }}
    )
),
{%- endif %}

told as (
    select
        users.snapshot_date,
        users.user_id,
        {%- for table, columns in attributes.items() %}
        {%- for column, name in columns.items() %}
        {{ table }}.{{ column }} as {{ name }},
        {%- endfor %}
        {%- endfor %}
        if(
            locations.user_id is null,
            null,
            {{ key_of(columns_of_places()) }}
        ) as location_key
    from {{ source("core", "users") }} as users
    left join {{ source("core", "logins") }} as logins using (snapshot_date, user_id)
    left join
        {{ source("core", "identity_documents") }} as identity_documents
        using (snapshot_date, user_id)
    left join {{ source("core", "locations") }} as locations using (snapshot_date, user_id)
),

{%- set names = ["location_key"] -%}
{%- for columns in attributes.values() -%}
    {%- do names.extend(columns.values()) -%}
{%- endfor %}

observed as (
    -- Should a day tell of a person twice, it is always the same telling that counts.
    select
        told.*,
        {{ "days.day_before, days.day_after" if snapshots else "null as day_before, null as day_after" }}
    from told
    {{ "inner join days using (snapshot_date)" if snapshots }}
    qualify row_number() over (
        partition by user_id, snapshot_date order by {{ names | join(", ") }}
    ) = 1
),

people as (
    -- With it goes how a history is made: when that changes, everybody is another. Hashed once more,
    -- since hashes of rows are close to an exclusive or: two values that changed their days could
    -- leave a sum as it was.
    select
        user_id,
        cast(sum(cast(hash(hash(observed, '{{ making }}')) as hugeint)) as varchar) as observations
    from observed
    group by user_id
),

{% if is_incremental() -%}
others as (
    from people
    except
    select user_id, observations from {{ this }}
),
{%- endif %}

compared as (
    select
        observed.*,
        observations,
        row_number() over person as number,
        lag(snapshot_date) over person is distinct from day_before as was_absent,
        {{ "lag(day_after) over person" if snapshots else "snapshot_date" }} as version_before_ends,
        last_value(day_after) over whole_person as last_version_ends,
        list_filter(
            [
                {%- for name in names %}
                if(lag({{ name }}) over person is distinct from {{ name }}, '{{ name }}', null)
                {{- "," if not loop.last }}
                {%- endfor %}
            ],
            lambda name: name is not null
        ) as different
    from observed
    inner join {{ "others" if is_incremental() else "people" }} using (user_id)
    window
        person as (partition by user_id order by snapshot_date),
        whole_person as (
            partition by user_id order by snapshot_date
            rows between unbounded preceding and unbounded following
        )
),

versions as (
    select
        *,
        snapshot_date as valid_from,
        if(
            lead(number) over person is null,
            last_version_ends,
            lead(version_before_ends) over person
        ) as valid_to
    from compared
    where
        number = 1
        or len(different) > 0
        {{ "or was_absent" if snapshots }}
    window person as (partition by user_id order by snapshot_date)
)

select
    {{ key_of(["user_id", "valid_from"]) }} as user_key,
    user_id,
    valid_from,
    cast(valid_to as date) as valid_to,
    valid_to is null as is_current,
    {%- for name in names[1:] %}
    {{ name }},
    {%- endfor %}
    location_key,
    if(number = 1, [], different) as changed_columns,
    observations
from versions
