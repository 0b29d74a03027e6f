"""A real mail server on the loopback (aiosmtpd): says each mail it takes as a line of JSON.

Lines on its input change what it answers: `take`, `hold` (the mail is taken, the answer waits for `take`),
`refuse 451` (until `take`). It ends with its input.
"""

import asyncio
import json
import sys

from aiosmtpd.smtp import SMTP


class Sink:
    def __init__(self):
        self.refusal = None
        self.answers = asyncio.Event()
        self.answers.set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.refusal is not None:
            return f"{self.refusal} not now, {address}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        raw = envelope.original_content.decode("utf-8", "replace")
        say({"from": envelope.mail_from, "to": envelope.rcpt_tos, "raw": raw})
        await self.answers.wait()
        return "250 taken"

    def hears(self, line):
        word, _, rest = line.strip().partition(" ")
        self.refusal = rest if word == "refuse" else None
        if word == "hold":
            self.answers.clear()
        else:
            self.answers.set()


def say(what):
    print(json.dumps(what), flush=True)


async def main(port):
    loop = asyncio.get_running_loop()
    sink = Sink()
    # Killed clients leave broken lines behind: nothing to tell of.
    loop.set_exception_handler(lambda *_: None)
    make = lambda: SMTP(sink, hostname="sink", enable_SMTPUTF8=True)
    server = await loop.create_server(make, "127.0.0.1", port)
    say({"port": server.sockets[0].getsockname()[1]})
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        sink.hears(line.decode())
        say({"heard": line.decode().strip()})


asyncio.run(main(int(sys.argv[1])))
