"""API Gateway's data plane for WebSocket APIs: connections that stay, and the functions behind.

    handshake ──▶ $connect: authorizer, function ──▶ accepted, or refused with an HTTP answer
    message   ──▶ the route that the message selects, or $default ──▶ function
    the end   ──▶ $disconnect

    model        the frozen WebSocketApi that a stage serves, and how a message selects a route
    event        what functions receive
    closing      codes and limits
    channel      the protocol on one socket: frames, limits, pings, the closing handshake
    connection   one client's connection: its messages in turn, its time limits, its end
    service      WebSockets: which stages and which connections there are
    management   @connections: posting to a connection, looking at it, cutting it off

A connection has a thread that reads; functions are called on others, so that a ping is answered
and an end is noticed while a function works.
"""

from workbook.cloud.gateway.sockets.model import WebSocketApi, from_calls
from workbook.cloud.gateway.sockets.service import WebSockets

__all__ = ["WebSocketApi", "WebSockets", "from_calls"]
