/** Facts are gathered when a variable first asks for one. */
import { factRead } from '../facts/families.ts'
import { sendFrame, type Errand } from './frame.ts'
import { factsPlace, takeFacts } from './gather.ts'
import { NeedsFacts } from './variables.ts'

/** Computes something from a task's variables; facts that it finds missing are asked for, and it is computed again. */
export async function withFacts<Result>(errand: Errand, compute: () => Result | Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await compute()
    } catch (error) {
      if (!(error instanceof NeedsFacts)) throw error
      if (takeFacts(errand.place, error.family)) continue
      const { machine, become } = factsPlace(errand.place)
      await sendFrame(errand, machine, become, [], [factRead(error.family)])
      takeFacts(errand.place, error.family)
    }
  }
}
