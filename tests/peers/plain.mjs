// A plain mail program: Nodemailer writes, ImapFlow and Mailparser read. One JSON request a line on standard input, one
// JSON answer a line.
//   {"do": "send", …}  Nodemailer's fields of a mail (attachments: [{filename, content}])
//   {"do": "read"}     all mails of the inbox, oldest first: author, subject, text, html, headers, attachments
//   {"do": "parse"}    the same of one mail: octets, in Base64
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { resolve } from "node:path";

const [folder, imapPort, smtpPort, user, pass] = process.argv.slice(2);
const require = createRequire(resolve(folder, "package.json"));
const { createTransport } = require("nodemailer");
const { ImapFlow } = require("imapflow");
const { simpleParser } = require("mailparser");

const server = (port) => ({
  host: "127.0.0.1", port: Number(port), secure: true, auth: { user, pass }, tls: { rejectUnauthorized: false },
});

async function send({ do: _, ...mail }) {
  const { messageId } = await createTransport(server(smtpPort)).sendMail({ from: user, ...mail });
  return { id: messageId };
}

async function shown(source) {
  const { from, subject, text, html, messageId, attachments, headerLines } = await simpleParser(source);
  return {
    author: from.value[0].name, subject, text, html, id: messageId, headers: headerLines.map(({ line }) => line),
    attachments: attachments.map(({ filename, contentType, content }) => ({
      filename, type: contentType, content: content.toString("base64"),
    })),
  };
}

const parse = ({ octets }) => shown(Buffer.from(octets, "base64"));

async function read() {
  const client = new ImapFlow({ ...server(imapPort), logger: false });
  await client.connect();
  await client.mailboxOpen("INBOX", { readOnly: true });
  const mails = [];
  for await (const { source } of client.fetch("1:*", { source: true })) mails.push(await shown(source));
  await client.logout();
  return { mails };
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  console.log(JSON.stringify(await { send, read, parse }[request.do](request)));
}
