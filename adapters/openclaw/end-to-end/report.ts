// What a run finds, told line by line and counted.

export class Report {
  #passed = 0;
  #failed = 0;
  readonly #began = performance.now();

  part(title: string): void {
    console.log(`\n${title}`);
  }

  check(what: string, so: boolean, instead: unknown = ""): void {
    if (so) this.#passed += 1;
    else this.#failed += 1;
    console.log(`${this.#at()} ${so ? "ok    " : "FAILED"} ${what}${so ? "" : `: ${JSON.stringify(instead)}`}`);
  }

  note(text: string): void {
    console.log(`${this.#at()}        ${text}`);
  }

  /** Whether everything was so, up to now. */
  get good(): boolean {
    return this.#failed === 0;
  }

  end(): void {
    const seconds = Math.round((performance.now() - this.#began) / 1000);
    console.log(`\ne2e: ${this.#passed} passed, ${this.#failed} failed, in ${seconds} s`);
  }

  #at(): string {
    return `${((performance.now() - this.#began) / 1000).toFixed(1).padStart(6)}s`;
  }
}
