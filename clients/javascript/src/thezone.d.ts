/** What is watched, where and by whom: what the rules of a plan look at, and what the viewer's other devices show. */
export interface About {
  device?: Device;
  asset?: { id?: string; type?: string; title?: string; channel?: string };
  profile?: string;
  location?: string;
  custom?: Record<string, string>;
}

export interface Device {
  id?: string;
  type?: string;
  name?: string;
}

/** A live stream of the account. Times are ISO 8601. */
export interface Stream extends About {
  streamId: string;
  startedAt: string;
  lastSeenAt: string;
  expiresAt: string;
  expiresInSeconds: number;
  heartbeatSeconds: number;
  /** How many streams the account has now, and how many it may have; not in lists. */
  active?: number;
  limit?: number;
  /** Its heartbeat is overdue; only in lists. */
  looksDead?: boolean;
  /** The streams that ended for this one. */
  ended?: { streamId: string; reason: string }[];
}

export interface Streams {
  active: number;
  limit?: number;
  streams: Stream[];
}

/** A problem document (RFC 9457). */
export interface Problem {
  /** 0 if nothing answered. */
  status: number;
  type?: string;
  title?: string;
  detail?: string;
}

/** All slots are in use. */
export interface Full extends Problem {
  plan: string;
  /** The rule that refused; "limit" is the total of the plan. */
  rule: string;
  limit: number;
  /** Who holds the slots, oldest first. */
  streams: Stream[];
  /** When there is room if nobody renews; absent if waiting does not help. */
  retryAt?: string;
  decisionId: string;
}

/** The stream was ended by somebody else. */
export interface Ended extends Problem {
  reason: "expired" | "released" | "replaced" | "evicted" | "stopped" | "unknown";
  /** Who took over. */
  successor?: { streamId: string; device?: Device };
}

export interface Offline extends Problem {
  /** When the slot is lost if the service stays away; absent if none is held. */
  lapsesAt?: Date;
}

export interface Options {
  /** Where the streams API is; "/streams" of the page's own origin by default. */
  url?: string;
  about?: About;
  /** Whether the browser sends the session's cookie; "include" by default. */
  credentials?: RequestCredentials;
  /** The slot is held: at the start, and again after onOffline or after a page was silent for too long. */
  onPlaying?(stream: Stream): void;
  /** There is no slot; asks no more until start or takeOver. */
  onFull?(refusal: Full): void;
  /** The slot was lost; asks no more until start or takeOver. */
  onEnded?(end: Ended): void;
  /** The service did not answer; it is asked again until it does. The player may go on. */
  onOffline?(cause: Offline): void;
  /** The request is not accepted, as without a session; asks no more until start or takeOver. */
  onFailed?(problem: Problem): void;
}

/** A player's hold on one stream of the viewer's account. */
export class Playback {
  constructor(options?: Options);
  /** The id of the stream that is asked for or held. */
  readonly streamId: string | undefined;
  /** Asks for a slot, unless one is held or asked for. */
  start(): void;
  /** Asks for a slot in place of these streams, which end if it is granted. */
  takeOver(...streams: (string | string[])[]): void;
  /** Frees the slot. False if the service refused; rejects if it did not answer: then the slot is free after its lease. */
  stop(): Promise<boolean>;
  /** The live streams of the account. */
  list(): Promise<Streams>;
  /** Ends another stream of the account for good; its player is told. */
  end(stream: string): Promise<boolean>;
}
