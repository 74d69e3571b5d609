import { connect, type Socket } from "node:net";

/** A connection that sends what it is told to, byte for byte. */
export class Wire {
  readonly #socket: Socket;
  readonly closed: Promise<void>;
  #received = "";
  constructor(port: number) {
    this.#socket = connect(port, "127.0.0.1");
    this.closed = new Promise((resolve) => this.#socket.once("close", () => resolve()));
    this.#socket.on("error", () => {});
    this.#socket.setEncoding("utf8").on("data", (chunk) => {
      this.#received += chunk;
    });
  }
  send(text: string): this {
    this.#socket.write(text);
    return this;
  }
  /** All that came until the other side closed. */
  async answer(): Promise<string> {
    await this.closed;
    return this.#received;
  }
}
