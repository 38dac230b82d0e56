// Loaded by node before a server of the tests: those listen on every address and have no setting for it. What they serve is for this
// machine only.
const net = require('node:net');

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (where, ...rest) {
  if (typeof where === 'object' && where !== null) return listen.call(this, { ...where, host: '127.0.0.1' }, ...rest);
  return listen.call(this, { port: Number(where), host: '127.0.0.1' }, ...rest.filter((argument) => typeof argument === 'function'));
};
