"""IAM, enforced on request: each call judged under the policies of whoever signed it.

A request's way, before moto sees it:

    front.py ─▶ judge.py ─┬─ roles.py      whose access key is this?  the administrator's: go on
                          ├─ requests.py   which operation, which parameters
                          ├─ actions/      the permissions it needs: actions on resources
                          ├─ evaluate.py   policies.py, conditions.py, wildcards.py: each need
                          └─ refusals.py   no: AWS's own refusal, in the service's protocol

Apart from that way lie anonymous.py (nobody has signed), deletions.py (S3 deletes some keys and
not others) and event_sources.py (a function's role must be able to read its event source, when the
mapping is made and before every read).

Not looked at: resource-based policies (of buckets, queues, topics, functions, and the trust
policies of roles), service control policies, tags, and other accounts; what CloudFormation creates
is created as by the administrator. So it proves that a role's own policies suffice for what a
function does and allow no more than they should, and not that a resource would let its callers in.

It knows neither moto nor the other parts of the cloud: roles and resources are looked up through
objects that are handed in.
"""

from workbook.cloud.iam.judge import Judge
from workbook.cloud.iam.roles import Callers, Identity, Session

__all__ = ["Callers", "Identity", "Judge", "Session"]
