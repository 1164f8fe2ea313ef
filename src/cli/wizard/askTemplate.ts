import { confirm, note, select, text } from '@clack/prompts';
import type { AppliedTemplateView, TemplateView } from '../../app/templates/templateViews.js';
import { plain } from '../../core/model/plainText.js';
import { appliedText, count, libraryOf, templatesOf } from '../commands/templates.js';
import type { Session } from '../session.js';
import { answered, complaint } from './answers.js';

type Variable = TemplateView['variables'][number];

/** Asks for a template and its values, shows what would be made, and makes it; undefined where the person does not want it. */
export async function askTemplate(session: Session): Promise<AppliedTemplateView | undefined> {
  const library = libraryOf(session);
  const name = answered(
    await select({
      message: 'Template',
      options: library
        .list()
        .templates.map((one) => ({ value: one.name, label: one.name, hint: plain(one.description) })),
    }),
  );
  const variables: Record<string, string> = {};
  for (const variable of library.show(name).variables) {
    const value = await askVariable(variable, (given) => library.checkVariable(name, variable.name, given));
    if (value !== undefined) variables[variable.name] = value;
  }
  const templates = templatesOf(session);
  const preview = await templates.apply({ template: name, variables, dryRun: true });
  note(appliedText(preview), plain(name));
  const wanted = answered(await confirm({ message: `Create ${count(preview.total, 'task')}?` }));
  return wanted ? templates.apply({ template: name, variables }) : undefined;
}

/** The answer as it would be typed after `--var`; undefined for the default. */
async function askVariable(variable: Variable, check: (given: string) => void): Promise<string | undefined> {
  const { name, type, description, required, choices, default: initial } = variable;
  const message = plain(`${description ?? name}${required ? '' : ' (optional)'}`);
  if (choices)
    return String(
      answered(
        await select({
          message,
          ...(initial !== undefined && { initialValue: String(initial) }),
          options: choices.map((choice) => ({ value: String(choice), label: plain(String(choice)) })),
        }),
      ),
    );
  if (type === 'boolean') return String(answered(await confirm({ message, initialValue: initial === true })));
  const shown = Array.isArray(initial) ? initial.join(',') : initial;
  const given = answered(
    await text({
      message: type === 'array' ? `${message}, separated by commas` : message,
      ...(shown !== undefined && { placeholder: `${String(shown)}` }),
      validate: (value) => {
        if (!value) return required ? 'It is required.' : undefined;
        return complaint(() => check(value));
      },
    }),
  );
  return given || undefined;
}
