import type { HttpContext } from './context.ts'
import { HttpProblem } from './problem.ts'

/** @throws HttpProblem where nothing may be deleted (`--no-delete`) */
export function checkDeleting({ allowDelete }: Pick<HttpContext, 'allowDelete'>): void {
  if (!allowDelete) throw new HttpProblem(403, 'Deleting is switched off (--no-delete).')
}
