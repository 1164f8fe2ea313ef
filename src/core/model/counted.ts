/** `1 task`, `3 tasks`: a number with what it counts; `many` where adding an s does not make the plural. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
