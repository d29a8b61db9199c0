// Files that come from the hand or go to it. The interface keeps none of them.

let handed: string | null = null;

/** A file's bytes in base64, read by the browser itself: a large file never blocks the screen. */
export function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ""));
    reader.onerror = () => reject(reader.error ?? new Error(file.name));
    reader.readAsDataURL(file);
  });
}

/** Puts a file, from its bytes in base64, where the browser or the window puts downloads. */
export function save(name: string, content: string): void {
  hand(
    name,
    Uint8Array.from(atob(content), (char) => char.charCodeAt(0)),
  );
}

/** The same with a text. */
export function saveText(name: string, text: string): void {
  hand(name, text);
}

function hand(name: string, content: BlobPart): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  // It is read some time after the click: only the next file takes its place.
  if (handed) URL.revokeObjectURL(handed);
  handed = link.href;
}
