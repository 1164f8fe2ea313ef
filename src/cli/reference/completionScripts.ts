export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type ShellName = (typeof SHELLS)[number];

/**
 * Each script hands the words before the cursor to `tm __complete` and shows what comes back: a line a candidate, with a
 * description after a tab; `:files` asks for names of files. So a script never grows old.
 */
const SCRIPTS: Readonly<Record<ShellName, string>> = {
  bash: `# Completion of tm for bash: source <(tm completion bash)
_tm() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == ":files" ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$cur")
    else
      COMPREPLY+=("\${line%%$'\\t'*}")
    fi
  done < <(tm __complete bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *: ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -F _tm tm`,
  zsh: `#compdef tm
# Completion of tm for zsh: source <(tm completion zsh), after compinit
_tm() {
  local line
  local -a found shown
  while IFS= read -r line; do
    if [[ $line == ":files" ]]; then _files; continue; fi
    found+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  -- }")
  done < <(tm __complete zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( \${#found} )) && compadd -l -d shown -- "\${found[@]}"
}
if [[ \${funcstack[1]} == _tm ]]; then _tm "$@"; else compdef _tm tm; fi`,
  fish: `# Completion of tm for fish: tm completion fish | source
function __tm_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in (tm __complete fish -- $words[2..-1] 2>/dev/null)
        if test "$line" = ":files"
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end
complete -c tm -f -a "(__tm_complete)"`,
};

export function completionScript(shell: ShellName): string {
  return SCRIPTS[shell];
}
