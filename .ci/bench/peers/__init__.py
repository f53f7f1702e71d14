"""What others need to do the same work: a process each, which knows nothing of the project.

    python -m bench.peers.with_polars FOLDER_OF_THE_DAY FOLDER_OF_RESULTS

The secret of the hashes is in the environment, as for the pipeline.
"""
