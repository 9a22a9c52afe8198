/** Says in plain words why the portal did not start; it needs nothing that may be missing. */
export function showStartProblem(place: HTMLElement, error: unknown): void {
  const heading = document.createElement('h1');
  heading.textContent = 'The portal did not start';
  const sentence = document.createElement('p');
  sentence.textContent = `${error instanceof Error ? error.message : String(error)} Load the page again; if that does not help, tell your vendor.`;
  const main = document.createElement('main');
  main.className = 'start-problem';
  main.append(heading, sentence);
  place.replaceChildren(main);
}
