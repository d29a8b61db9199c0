// The camera, for as long as a code is looked for. What it sees goes into a canvas of this page
// and nowhere else; nothing of it is kept.

import decodeQR from "qr/decode.js";

/** Why there is nothing to see. */
export type Blind = "denied" | "absent" | "failed";

/** How large a picture is looked at: enough for the densest code that a screen shows. */
const MOST_PX = 1280;
/** How long a look may take, and how long the hand rests between two. */
const LOOK_MS = 120;
const REST_MS = 80;

/**
 * Shows what the camera sees in `video`, until a code is read or `signal` says so; the camera is
 * off by then. Gives back the code's text; nothing where it was stopped. Throws a {@link Blind}.
 */
export async function readCode(
  video: HTMLVideoElement,
  signal: AbortSignal,
): Promise<string | undefined> {
  const stream = await open();
  try {
    if (signal.aborted) return undefined;
    video.srcObject = stream;
    await video.play();
    return await look(video, signal);
  } catch (reason) {
    if (signal.aborted) return undefined;
    throw blind(reason);
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

async function open(): Promise<MediaStream> {
  // A page that is not this machine's own has no camera, and no word for it.
  if (!("mediaDevices" in navigator)) throw "absent" satisfies Blind;
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: "environment", width: { ideal: MOST_PX } },
    });
  } catch (reason) {
    throw blind(reason);
  }
}

async function look(video: HTMLVideoElement, signal: AbortSignal): Promise<string | undefined> {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) throw "failed" satisfies Blind;
  while (!signal.aborted) {
    const text = readFrame(video, canvas, pen);
    if (text) return text;
    await new Promise((done) => setTimeout(done, REST_MS));
  }
  return undefined;
}

function readFrame(
  video: HTMLVideoElement,
  canvas: HTMLCanvasElement,
  pen: CanvasRenderingContext2D,
): string | undefined {
  const { videoWidth, videoHeight } = video;
  const scale = Math.min(1, MOST_PX / Math.max(videoWidth, videoHeight, 1));
  const [width, height] = [Math.round(videoWidth * scale), Math.round(videoHeight * scale)];
  if (width < 32 || height < 32) return undefined;
  if (canvas.width !== width || canvas.height !== height)
    [canvas.width, canvas.height] = [width, height];
  pen.drawImage(video, 0, 0, width, height);
  try {
    return decodeQR(pen.getImageData(0, 0, width, height), { timeLimit: LOOK_MS });
  } catch {
    // No code in this picture: the next one may hold it.
    return undefined;
  }
}

function blind(reason: unknown): Blind {
  if (reason === "denied" || reason === "absent" || reason === "failed") return reason;
  const name = reason instanceof DOMException ? reason.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "absent";
  return "failed";
}
