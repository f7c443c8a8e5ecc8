/** The script of the page, which only adds convenience: a filter of the attempts, keys to go from one to the next, and copying of commands. */
export const script = `
const attempts=[...document.querySelectorAll('details.attempt')]
const bar=document.querySelector('.filter')
if(bar){
  bar.hidden=false
  for(const button of bar.querySelectorAll('button'))button.addEventListener('click',()=>{
    for(const each of bar.querySelectorAll('button'))each.setAttribute('aria-pressed',String(each===button))
    const wanted=button.dataset.outcome
    for(const attempt of attempts)attempt.hidden=wanted!=='all'&&attempt.dataset.outcome!==wanted
  })
}
for(const button of document.querySelectorAll('button.copy')){
  button.hidden=false
  button.addEventListener('click',()=>navigator.clipboard.writeText(button.previousElementSibling.textContent).then(()=>{button.textContent='copied'}))
}
addEventListener('keydown',(event)=>{
  if(event.ctrlKey||event.metaKey||event.altKey||!['j','k'].includes(event.key))return
  const seen=attempts.filter((attempt)=>!attempt.hidden)
  const now=seen.findIndex((attempt)=>attempt.contains(document.activeElement))
  const next=seen[event.key==='j'?Math.min(now+1,seen.length-1):Math.max(now-1,0)]
  for(let parent=next?.parentElement;parent;parent=parent.parentElement)if(parent.tagName==='DETAILS')parent.open=true
  if(next){next.open=true;next.querySelector('summary').focus();next.scrollIntoView({block:'nearest'})}
})
`
