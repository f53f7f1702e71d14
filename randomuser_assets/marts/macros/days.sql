{# Whether a day is everybody, so that absence says something. #}
{% macro days_are_snapshots() %}
    {%- set days_are = env_var("RANDOMUSER_DAYS_ARE", "batches") -%}
    {%- if days_are not in ("batches", "snapshots") -%}
        {{ exceptions.raise_compiler_error(
            "RANDOMUSER_DAYS_ARE=" ~ days_are ~ ": expected batches or snapshots."
        ) }}
    {%- endif -%}
    {{ return(days_are == "snapshots") }}
{% endmacro %}

{# Days on which nobody came: no row of them is anywhere but in the pipeline's own records. #}
{% macro days_without_people() %}
    {%- set writes = adapter.get_relation(target.database, "quality", "writes") if execute -%}
    {%- if writes -%}
        union
        select cast(partition as date)
        from {{ writes }}
        where table_schema = 'core' and table_name = 'users' and records = 0
    {%- endif -%}
{% endmacro %}
