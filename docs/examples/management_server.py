"""A management server in 40 lines: keeps what each node reports in FOLDER/ID.json.  docs/management-server.md.

python3 management_server.py PORT CERTIFICATE.pem KEY.pem FOLDER
"""

import json
import re
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

LARGEST = 1 << 24
port, certificate, key, folder = sys.argv[1:]


class Nodes(BaseHTTPRequestHandler):
    timeout = 30

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != "/nodes" or not length.isdecimal() or int(length) > LARGEST:
            return self.send_error(404)
        try:
            node = json.loads(self.rfile.read(int(length)))
            right = node["format"] == "ovirt-node-report" and re.fullmatch("[A-Za-z0-9:_-][A-Za-z0-9.:_-]*", node["id"])
        except (ValueError, KeyError, TypeError):
            right = None
        if not right:
            return self.send_error(400, "this is no report of a node")
        Path(folder, f"{node['id']}.json").write_text(json.dumps(node, indent=1))
        self.send_response(204)
        return self.end_headers()


tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(certificate, key)
server = ThreadingHTTPServer(("", int(port)), Nodes)
server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
server.serve_forever()
