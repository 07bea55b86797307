"""The only place that knows DynamoDB: tables, records, conditions, cursors.

items   articles, listed page by page, each write made against the version that was read
orders  orders, and the one transaction that settles one
alerts  what the shop was told
records domain values as DynamoDB writes them, and back
"""
