/** `import text from './file?raw'` gives what a file holds: the bundler and the tests read it. */
declare module '*?raw' {
  const text: string
  export default text
}
