import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * What stands between a cluster's coordinator and one of its machines, and can go away for it at a moment
 * that no kill meets: when the coordinator sends COMMIT PREPARED. It reads what is sent in plain text, so the
 * cluster has `citus.node_conninfo = 'sslmode=disable'`.
 */
export class NodeProxy {
  /** Whether the machine goes away at the next COMMIT PREPARED. */
  private isArmed = false;
  private isAway = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
    machine: { host: string; port: number },
  ) {
    server.on('connection', (coordinator) => this.join(coordinator, machine));
  }

  static async start(machine: { host: string; port: number }): Promise<NodeProxy> {
    const server = createServer().listen(0);
    await once(server, 'listening');
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('The proxy has no port.');
    return new NodeProxy(server, address.port, machine);
  }

  /** Goes away when a transaction that is prepared there is to be committed. */
  leaveAtCommit(): void {
    this.isArmed = true;
  }

  get hasLeft(): boolean {
    return this.isAway;
  }

  comeBack(): void {
    this.isArmed = false;
    this.isAway = false;
  }

  async close(): Promise<void> {
    this.dropAll();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(coordinator: Socket, machine: { host: string; port: number }): void {
    if (this.isAway) {
      coordinator.destroy();
      return;
    }
    const node = connect(machine.port, machine.host);
    for (const [socket, other] of [
      [coordinator, node],
      [node, coordinator],
    ] as const) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      // a side that breaks ends the other
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    coordinator.on('data', (bytes: Buffer) => {
      if (this.isArmed && bytes.includes('COMMIT PREPARED')) {
        this.isAway = true;
        this.dropAll();
      } else if (!node.destroyed) {
        node.write(bytes);
      }
    });
    node.on('data', (bytes: Buffer) => {
      if (!coordinator.destroyed) coordinator.write(bytes);
    });
  }

  private dropAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
