import { describeError } from "../describe-error.js";

/** Why a connection failed, for operators: one line each, without credentials. */
export interface ConnectFailure {
  readonly problem: string;
  /** What to do. Names RABBITMQ_URL. */
  readonly remedy: string;
  /** The broker answered, and a retry will get the same answer: its configuration or ours is wrong. */
  readonly definite: boolean;
}

interface Kind extends ConnectFailure {
  /** Whether the error is of this kind. `code` is that of Node.js, or empty. */
  readonly matches: (text: string, code: string) => boolean;
}

const untrustedCertificates = new Set([
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** The first match applies. The texts are those of amqplib 2 and of RabbitMQ 3 and 4. */
const kinds: readonly Kind[] = [
  {
    // amqplib does not read the broker's reason.
    matches: (text) => text.includes("ConnectionOpenOk"),
    problem: "there is no such virtual host, or this user may not use it",
    remedy: "Make it (rabbitmqctl add_vhost, set_permissions), or correct it in RABBITMQ_URL",
    definite: true,
  },
  {
    matches: (text) => /access to (exchange|queue)/.test(text),
    problem: "the user lacks permissions in the virtual host",
    remedy:
      "Let the user of RABBITMQ_URL configure, write and read there (rabbitmqctl set_permissions), or correct its permissions",
    definite: true,
  },
  {
    matches: (text) => /ACCESS.REFUSED|403/.test(text),
    problem: "the user or the password is refused",
    remedy: "Correct the user and the password in RABBITMQ_URL, or its permissions",
    definite: true,
  },
  {
    matches: (text) => /exceeds maxFrameSize|Invalid frame/i.test(text),
    problem: "what answers there does not speak AMQP 0-9-1",
    remedy: "Correct the port in RABBITMQ_URL: 5672, or 5671 with amqps:",
    definite: true,
  },
  {
    matches: (_text, code) => code === "EPROTO" || code.startsWith("ERR_SSL"),
    problem: "what answers there does not speak TLS",
    remedy: "Correct RABBITMQ_URL: amqp: without TLS, or the port for TLS, 5671",
    definite: true,
  },
  {
    matches: (_text, code) => untrustedCertificates.has(code),
    problem: "its certificate is not trusted",
    remedy: "Correct the host in RABBITMQ_URL, or name the authority's certificate in NODE_EXTRA_CA_CERTS",
    definite: true,
  },
  {
    matches: (_text, code) => code === "ENOTFOUND" || code === "EAI_AGAIN",
    problem: "the host is unknown",
    remedy: "Start RabbitMQ, or correct the host in RABBITMQ_URL",
    definite: false,
  },
  {
    matches: (text) => text.includes("closed abruptly during opening handshake"),
    problem: "the connection is closed before AMQP begins",
    remedy: "Start RabbitMQ, or correct the port in RABBITMQ_URL: 5672, or 5671 with amqps:",
    definite: false,
  },
];

const unreachable = {
  problem: "cannot connect",
  remedy: "Start RabbitMQ, or correct RABBITMQ_URL",
  definite: false,
};

/** Explains why a connection failed. */
export function explainConnectFailure(error: unknown): ConnectFailure {
  const text = describeError(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const { problem, remedy, definite } = kinds.find(({ matches }) => matches(text, code)) ?? unreachable;
  // The messages of amqplib and OpenSSL on unexpected answers do not help an operator.
  const isReadable = !/ConnectionOpenOk|maxFrameSize|SSL routines/.test(text);
  return { problem: isReadable ? `${problem} (${text})` : problem, remedy, definite };
}
