"""The pipeline as a contestant: through Dagster, as a process of its own."""
