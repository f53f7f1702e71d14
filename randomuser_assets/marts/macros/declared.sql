{# written by `make erd` from model/marts.py and model/tables.py #}
{% macro attributes_of_dim_user() %}{{ return({'users': {'gender': 'gender', 'title': 'title', 'first_name': 'first_name', 'last_name': 'last_name', 'email': 'email', 'phone': 'phone', 'cell': 'cell', 'born_at': 'born_at', 'registered_at': 'registered_at', 'nationality': 'nationality', 'picture_id': 'picture_id'}, 'logins': {'username': 'username'}, 'identity_documents': {'document_name': 'document_name', 'value_hmac': 'document_value_hmac'}}) }}{% endmacro %}

{% macro columns_of_places() %}{{ return(['street_number', 'street_name', 'city', 'state', 'postcode', 'latitude', 'longitude', 'timezone_offset']) }}{% endmacro %}

{% macro oldest_group() %}{{ return(100) }}{% endmacro %}
