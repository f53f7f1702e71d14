{# A key that is the same on every run and machine: of what it is made, null told from empty. #}
{% macro key_of(values) -%}
    md5(cast(to_json([
        {%- for value in values %}cast({{ value }} as varchar){{ ", " if not loop.last }}{% endfor -%}
    ]) as varchar))
{%- endmacro %}
