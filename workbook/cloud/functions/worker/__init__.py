"""The runtime: the program in an execution environment that imports a handler and calls it.

It does what AWS's own runtime client (awslambdaric 4) does, message for message; the
conformance tests hold the two against each other. What differs: it needs the standard library
alone, and it starts fast. So it imports little, and nothing of the workbook: it is compiled
into the runtime folder by itself (see runtime.py beside this package), as awslambdaric is
installed in /var/runtime.

    bootstrap.py ── the loop ── runtime_client.py   events in, results and errors out
                      ├──────── marshalling.py      JSON
                      ├──────── context.py          the handler's second argument
                      ├──────── errors.py           error objects
                      ├──────── logs.py             print and logging
                      ├──────── outward.py          nothing leaves this machine
                      └──────── callback.py         posts to WebSocket connections reach the cloud
"""
