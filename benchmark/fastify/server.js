'use strict';

// A key for each device, which expires with its lease, and a set of the devices of each session. Counted first, added then: two
// starts at once may both find room. Usage: PORT=… REDIS=redis://… node server.js
const { randomUUID } = require('node:crypto');
const fastify = require('fastify')();
const { Redis } = require('ioredis');

const LIMIT = 3;
const LEASE_SECONDS = 90;
const redis = new Redis(process.env.REDIS);

const devicesOf = (session) => `devices:${session}`;
const keyOf = (session, device) => `stream:${session}:${device}`;

async function start(session, device, about) {
  const devices = await redis.smembers(devicesOf(session));
  const streams = devices.length > 0 ? await redis.mget(devices.map((it) => keyOf(session, it))) : [];
  const live = devices.filter((it, i) => streams[i] !== null);
  if (live.length >= LIMIT && !live.includes(device)) {
    return false;
  }
  await redis
    .multi()
    .set(keyOf(session, device), JSON.stringify(about), 'EX', LEASE_SECONDS)
    .sadd(devicesOf(session), device)
    .expire(devicesOf(session), LEASE_SECONDS)
    .exec();
  return true;
}

fastify.get('/watch', async (request, reply) => {
  const device = request.headers['stream-id'] ?? randomUUID();
  const admitted = await start(request.headers['session-id'], device, {});
  return reply.code(admitted ? 200 : 401).send();
});

const Named = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } };
const Start = { type: 'object', required: ['device'], properties: { device: Named, asset: Named } };

fastify.post('/streams', { schema: { body: Start } }, async (request, reply) => {
  const { device, asset } = request.body;
  const startedAt = new Date();
  if (!(await start(request.headers['session-id'], device.id, { asset, startedAt }))) {
    return reply.code(409).send({ title: 'too many streams', limit: LIMIT });
  }
  const expiresAt = new Date(startedAt.getTime() + LEASE_SECONDS * 1000);
  return reply.code(201).send({ streamId: device.id, startedAt, expiresAt, device, asset });
});

fastify.delete('/streams/:id', async (request, reply) => {
  const session = request.headers['session-id'];
  await redis.multi().del(keyOf(session, request.params.id)).srem(devicesOf(session), request.params.id).exec();
  return reply.code(204).send();
});

fastify.get('/health', async () => ({ status: 'UP' }));

fastify.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
