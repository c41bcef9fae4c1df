"""Many prompts, many lessons, on this machine or on a Dask cluster.

    prompts.csv → orders → an executor runs work.make_one → results/NAME/ with a report.json → batch.json

`orders` reads the table, `store` is where results go (any fsspec URL), `work` makes one lesson wherever it
runs, `executors` opens this process or a cluster, `run` hands out, tries again and sums up.
"""
