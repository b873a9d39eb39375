/**
 * Variables of an instance whose clock is wrong by so many milliseconds. Everything in Node.js that asks for the time of day
 * asks `Date`, so a module that is loaded before the service can shift it; timers measure durations, and stay right.
 */
export function clockAhead(milliseconds: number): NodeJS.ProcessEnv {
  const module = `
const Real = Date;
globalThis.Date = class Date extends Real {
  constructor(...args) {
    if (args.length === 0) super(Real.now() + ${milliseconds});
    else super(...args);
  }
  static now() {
    return Real.now() + ${milliseconds};
  }
};`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(module)}` };
}
