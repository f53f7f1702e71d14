"""History and the star, built by dbt in files of their own, beside a reference that is slow."""
