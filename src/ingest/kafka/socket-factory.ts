import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';
import { changeMethod, insideKafkajs, type KafkajsClass } from './inside-kafkajs.ts';
import { ResponseFrames } from './response-frames.ts';

const KEEP_ALIVE_DELAY = 60_000;
const READ_BYTES = 256 * 1024;

interface ConnectionInside {
  bytesBuffered: number;
  chunks: Buffer[];
}

type ProcessData = (this: ConnectionInside, data: Buffer) => unknown;

/** Keeps kafkajs from copying a response that came whole, because of the empty rest of the one before. */
function withoutRest(processData: ProcessData): ProcessData {
  return function (data) {
    if (this.bytesBuffered === 0) this.chunks = [];
    return processData.call(this, data);
  };
}

/** Opens kafkajs's connections so that responses are read into memory that is used again. Over TLS, Node reads as it always does. */
export function socketFactory(): ISocketFactory {
  const connection = insideKafkajs<KafkajsClass>('network/connection.js');
  changeMethod(connection?.prototype, 'processData', withoutRest);
  return ({ host, port, ssl, onConnect }) => {
    if (ssl) {
      const name = isIP(host) === 0 ? { servername: host } : {};
      return connectTls({ host, port, ...name, ...ssl }, onConnect).setKeepAlive(true, KEEP_ALIVE_DELAY);
    }
    const frames = new ResponseFrames((frame) => socket.emit('data', frame));
    const socket = connect(
      {
        host,
        port,
        onread: {
          buffer: Buffer.allocUnsafeSlow(READ_BYTES),
          callback: (count, buffer) => {
            frames.take(Buffer.from(buffer.buffer, buffer.byteOffset, count));
            return true;
          },
        },
      },
      onConnect,
    );
    return socket.setKeepAlive(true, KEEP_ALIVE_DELAY);
  };
}
