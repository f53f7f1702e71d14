{# Full years: whoever is born on 29 February is a year older on 1 March of other years. #}
{% macro full_years(born, day) -%}
    cast(
        year({{ day }}) - year({{ born }})
        - if((month({{ day }}), day({{ day }})) < (month({{ born }}), day({{ born }})), 1, 0)
        as integer
    )
{%- endmacro %}

{# The key of an age's group, whether or not it is one that anybody can have. #}
{% macro age_group_of(age) -%}
    {{ key_of(["greatest(0, least(" ~ age ~ " // 10, " ~ oldest_group() ~ " // 10)) * 10"]) }}
{%- endmacro %}
