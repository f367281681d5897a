#!/usr/bin/python3
"""Answers every message with its own words. Usage: echo_bot.py [coi --account ADDR] (docs/api.md)"""
import json
import subprocess
import sys

coi = subprocess.Popen([*(sys.argv[1:] or ["coi"]), "rpc"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def ask(method, **params):
    print(json.dumps({"jsonrpc": "2.0", "id": method, "method": method, "params": params}), file=coi.stdin, flush=True)


ask("subscribe")
for line in coi.stdout:
    told = json.loads(line)
    event, message = told.get("params", {}), told.get("params", {}).get("message", {})
    if event.get("type") == "message_added" and not (event["history"] or message["outgoing"] or message["automatic"]):
        ask("send_message", account=message["account"], chat=message["chat"], text=message["text"] or "?",
            reply_to=message["id"], automatic="replied", token=f"echo {message['account']} {message['id']}")
    elif told.get("id") == "subscribe":
        print("listening", flush=True)
    elif "error" in told:
        print(told["error"]["message"], file=sys.stderr)
