// A mail server for tests: one process, and a port for each way to connect. What a receiver or a rule is called decides what becomes of a mail.
//
// usage: node mailserver.cjs LIBRARY SETTINGS PORT
//   SETTINGS  {"folder", "key", "cert", "ca", "password", "starttls": port, "implicit": port, "mutual": port}; each mail taken is a file N.json there
//   PORT      without TLS; AUTH is offered in the clear
const fs = require('node:fs');
const path = require('node:path');

const [library, file, port] = process.argv.slice(2);
const { SMTPServer } = require(library);
const settings = JSON.parse(fs.readFileSync(file, 'utf8'));
const tls = { key: settings.key, cert: settings.cert };
const greeted = new Set();
let mails = 0;

const answer = (responseCode, text) => Object.assign(new Error(text), { responseCode });

function listen(at, options) {
  const cut = (session) => [...server.connections].find((connection) => connection.id === session.id)._socket.destroy();
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    authMethods: ['PLAIN', 'LOGIN'],
    ...options,
    onAuth(auth, session, done) {
      if (auth.username === 'busy') return done(answer(454, 'the directory is down'));
      if (auth.username === 'talon' && auth.password === settings.password) return done(null, { user: 'talon' });
      const plain = Buffer.from(`\0${auth.username}\0${auth.password}`).toString('base64');
      return done(answer(535, `${auth.password} is wrong (${plain}, ${Buffer.from(auth.password).toString('base64')})`));
    },
    onRcptTo(receiver, session, done) {
      const name = receiver.address.split('@')[0];
      if (name === 'gone') return done(answer(550, 'no such user'));
      if (name === 'later') return done(answer(451, 'greylisted, try again'));
      if (name.startsWith('grey') && !greeted.has(name)) return greeted.add(name), done(answer(451, 'greylisted, try again'));
      if (name === 'silent') return undefined;
      if (name === 'cut') return cut(session);
      return done();
    },
    onData(stream, session, done) {
      const parts = [];
      stream.on('data', (part) => parts.push(part));
      stream.on('end', () => {
        const raw = Buffer.concat(parts).toString('latin1');
        const rule = (/^Subject:.*(?:\r\n .*)*/m.exec(raw) ?? [''])[0];
        if (rule.includes('spam')) return done(answer(554, 'this looks like spam'));
        if (rule.includes('full')) return done(answer(452, 'no room'));
        if (rule.includes('silent')) return undefined;
        if (rule.includes('cut')) return cut(session);
        const mail = {
          raw, session: session.id, secure: session.secure, user: session.user || '',
          from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map((receiver) => receiver.address),
        };
        const name = path.join(settings.folder, `${++mails}.json`);
        fs.writeFileSync(`${name}.new`, JSON.stringify(mail));
        fs.renameSync(`${name}.new`, name);
        return done(null, `queued as ${mails}`);
      });
    },
  });
  server.on('error', (error) => console.error(error.message));
  server.listen(Number(at), '127.0.0.1');
}

listen(settings.starttls, tls);
listen(settings.implicit, { ...tls, secure: true });
listen(settings.mutual, { ...tls, secure: true, ca: settings.ca, requestCert: true, rejectUnauthorized: true });
listen(port, { disabledCommands: ['STARTTLS'], allowInsecureAuth: true });
